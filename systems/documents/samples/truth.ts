/** The kinds of clause. They equal those of the contract analyst's output. */
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

/** The kinds of risk. They equal those of the contract analyst's output. */
export const RISK_KINDS = [
  'unlimited-liability',
  'automatic-renewal',
  'one-sided-termination',
  'broad-indemnity',
  'missing-clause',
  'other',
] as const;
export type RiskKind = (typeof RISK_KINDS)[number];

/** The known contents of a sample contract, from its generation. */
export interface ContractTruth {
  readonly title: string;
  /** Full names with legal form, as printed. */
  readonly parties: readonly string[];
  /** YYYY-MM-DD. Null if the contract states no day. */
  readonly effectiveDate: string | null;
  /** As printed, for example "two (2) years". Null if there is no fixed term. */
  readonly term: string | null;
  /** The jurisdiction's name, for example "Delaware". Null if the clause is missing. */
  readonly governingLaw: string | null;
  /** In the order of CLAUSE_KINDS. */
  readonly clauseKinds: readonly ClauseKind[];
  /** In the order of RISK_KINDS. */
  readonly riskKinds: readonly RiskKind[];
}

/** The defects of broken documents, in the order they are assigned. */
export const DEFECTS = [
  'empty',
  'not-a-pdf',
  'truncated',
  'password-protected',
  'image-only',
  'partly-readable',
] as const;
export type Defect = (typeof DEFECTS)[number];
