import type { ClauseKind, RiskKind, Severity } from '../../agents/contract.ts';

/** The labels of codes in the report. */
export const CLAUSE_NAMES: Readonly<Record<ClauseKind, string>> = {
  confidentiality: 'Confidentiality',
  term: 'Term',
  termination: 'Termination',
  'governing-law': 'Governing law',
  assignment: 'Assignment',
  liability: 'Liability',
  indemnification: 'Indemnification',
  'auto-renewal': 'Automatic renewal',
  'intellectual-property': 'Intellectual property',
  payment: 'Payment',
  'data-protection': 'Data protection',
  other: 'Other',
};

export const RISK_NAMES: Readonly<Record<RiskKind, string>> = {
  'unlimited-liability': 'Unlimited liability',
  'automatic-renewal': 'Automatic renewal',
  'one-sided-termination': 'One-sided termination',
  'broad-indemnity': 'Broad indemnity',
  'missing-clause': 'Missing clause',
  other: 'Other',
};

export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = { high: 'High', medium: 'Medium', low: 'Low' };

/** Headings for failure codes. Other codes are shown as they are. */
const FAILURE_NAMES: Readonly<Record<string, string>> = {
  empty: 'Empty file',
  'not-a-pdf': 'Not a PDF',
  truncated: 'Incomplete file',
  damaged: 'Damaged PDF',
  'password-protected': 'Password-protected',
  'too-large': 'Too large',
  'too-many-pages': 'Too many pages',
  'too-complex': 'Too complex',
  'no-text': 'No readable text',
  'partly-unreadable': 'Partly unreadable',
  'not-processed': 'Not processed',
  unfinished: 'Not finished',
  'over-budget': 'Over budget',
  'invalid-output': 'No usable answer',
  transient: 'Temporary error',
  throttled: 'Throttled',
  deadline: 'Deadline exceeded',
  crashed: 'Crashed',
  cancelled: 'Cancelled',
  escalated: 'Escalated to a person',
  permanent: 'Permanent error',
  'other-version': 'Result of another agent version',
};
export const failureName = (code: string): string => FAILURE_NAMES[code] ?? code;

const number = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const formatNumber = (value: number): string => number.format(value);
export const formatCompact = (value: number): string => compact.format(value);
export const formatDay = (iso: string): string => day.format(new Date(`${iso}T00:00:00Z`));
export const formatShortDay = (iso: string): string => shortDay.format(new Date(`${iso}T00:00:00Z`));
export const formatMoment = (iso: string): string => `${moment.format(new Date(iso))} UTC`;
export const formatPercent = (share: number): string => `${Math.round(share * 100)} %`;

/** Two digits from $1, three from one cent, five below. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  const digits = usd >= 1 ? 2 : usd >= 0.01 ? 3 : 5;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "1 contract", "2 contracts". */
export const counted = (count: number, noun: string): string =>
  `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
