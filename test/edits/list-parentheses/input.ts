const plugins = (<Plugin[]>([A]))!
