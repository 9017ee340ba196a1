/** A time (milliseconds since the epoch) as the API shows it. */
export const timeOf = (at: number): string => new Date(at).toISOString();
