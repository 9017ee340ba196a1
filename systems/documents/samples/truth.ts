/** What a clause is about. The words are those of the contract-analyst's output. */
export const CLAUSE_KINDS = [
  'confidentiality',
  'term',
  'termination',
  'governing-law',
  'assignment',
  'liability',
  'indemnification',
  'auto-renewal',
  'intellectual-property',
  'payment',
  'data-protection',
  'other',
] as const;
export type ClauseKind = (typeof CLAUSE_KINDS)[number];

/** What a reader should be warned of. */
export const RISK_KINDS = [
  'unlimited-liability',
  'automatic-renewal',
  'one-sided-termination',
  'broad-indemnity',
  'missing-clause',
  'other',
] as const;
export type RiskKind = (typeof RISK_KINDS)[number];

/** What is known of a sample contract because it was put there. */
export interface ContractTruth {
  readonly title: string;
  /** Full names with legal form, as printed. */
  readonly parties: readonly string[];
  /** YYYY-MM-DD; null where the contract names no day. */
  readonly effectiveDate: string | null;
  /** As printed, e.g. "two (2) years"; null where there is no fixed term. */
  readonly term: string | null;
  /** The jurisdiction's name, e.g. "Delaware"; null where the clause is missing. */
  readonly governingLaw: string | null;
  /** In the order of CLAUSE_KINDS. */
  readonly clauseKinds: readonly ClauseKind[];
  /** In the order of RISK_KINDS. */
  readonly riskKinds: readonly RiskKind[];
}

/** The ways in which a default sample's broken documents are broken, in the order they are dealt out. */
export const DEFECTS = [
  'empty',
  'not-a-pdf',
  'truncated',
  'password-protected',
  'image-only',
  'partly-readable',
] as const;
export type Defect = (typeof DEFECTS)[number];
