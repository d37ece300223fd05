export function plugins(app: A) {}
export function plugins(app: A) {}
