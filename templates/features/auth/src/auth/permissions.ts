import type { Identity } from '../http/route-policy.ts'

type Rights = Pick<Identity, 'roles' | 'permissions'>

/** The role that may do everything. */
export const admin = 'admin'

export function hasRole({ roles }: Rights, role: string): boolean {
  return roles.includes(role) || roles.includes(admin)
}

export function hasPermission({ roles, permissions }: Rights, permission: string): boolean {
  return permissions.includes(permission) || roles.includes(admin)
}
