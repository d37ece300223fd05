export class u {}
