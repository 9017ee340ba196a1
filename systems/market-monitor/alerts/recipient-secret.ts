/**
 * The whole name of a recipient's secret. A portfolio names it from `market/` on: another secret of the fleet must not reach
 * an address that a portfolio chose. Throws an `Error` for any other.
 */
export function recipientSecret(prefix: string, name: string): string {
  if (/^market\/[\w+=.@-]+$/.test(name)) return `${prefix}/${name}`;
  throw new Error(`Secrets of recipients begin with market/, and ${name} does not. Store it as ${prefix}/market/….`);
}
