import type { Identity } from '../http/route-policy.ts'

/**
 * What each role may do: edit this. Routes ask for permissions by name, such as
 * `access: { permission: 'products:read' }`. The role `admin` may do everything and isn't listed.
 */
export const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  // Every new account has this role.
  user: [],
}

/** The roles of a new account, unless it is given others. */
export const defaultRoles = ['user']

/** The role that may do everything. */
export const admin = 'admin'

type Rights = Pick<Identity, 'roles' | 'permissions'>

/** The roles of an account, and its own permissions together with those of its roles. */
export function rightsOf({ roles, permissions }: Rights): Rights {
  const ofRoles = roles
    .filter((role) => Object.hasOwn(rolePermissions, role))
    .flatMap((role) => rolePermissions[role] ?? [])
  return { roles, permissions: [...new Set([...ofRoles, ...permissions])].sort() }
}

export function hasRole({ roles }: Rights, role: string): boolean {
  return roles.includes(role) || roles.includes(admin)
}

/** `rights` as `rightsOf` returns them. */
export function hasPermission({ roles, permissions }: Rights, permission: string): boolean {
  return permissions.includes(permission) || roles.includes(admin)
}
