/** A number with where it comes from. */
export interface Sourced {
  readonly value: number;
  /** A page, a file of this repository, or the reason of an assumption. */
  readonly source: string;
  /** `list`: a public price or quota. `counted`: counted on the local fleet. `assumed`: nobody can check it here. */
  readonly kind: 'list' | 'counted' | 'assumed';
}

export const listed = (value: number, source: string): Sourced => ({ value, source, kind: 'list' });
export const counted = (value: number, source: string): Sourced => ({ value, source, kind: 'counted' });
export const assumed = (value: number, source: string): Sourced => ({ value, source, kind: 'assumed' });
