const plugins = (<Plugin[]>([A, C]))!
