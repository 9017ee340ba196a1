/**
 * Names the tenant of a figure, since those beside it are of all tenants.
 * @param tenant undefined until it is known
 */
export const ofTenant = (label: string, tenant: string | undefined): string =>
  tenant === undefined ? label : `${label}, tenant ${tenant}`;
