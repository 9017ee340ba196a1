import { writeDate } from './dates.ts';
import type { Dice } from '#core/chance/dice.ts';
import { drawFacts } from './facts.ts';
import type { Facts } from './facts.ts';
import type { Region } from './places.ts';
import type { Template, Variant } from './template.ts';
import { CLAUSE_KINDS, RISK_KINDS } from './truth.ts';
import type { ContractTruth } from './truth.ts';

/** A contract as text, before a layout is chosen. */
export interface Contract {
  readonly title: string;
  readonly reference: string;
  /** Rows of the cover page's table. Null if there is no cover page. */
  readonly cover: Table | null;
  /** Rows of Schedule 1, on its own page after the signatures. Null if there is none. */
  readonly schedule: Table | null;
  /** The text above the first clause. */
  readonly opening: readonly string[];
  readonly clauses: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[];
  readonly signatures: readonly Signature[];
  /** The text below the signatures, for example its source. */
  readonly closing: readonly string[];
  readonly region: Region;
  /** The first party's letterhead. Printed if the layout has one. */
  readonly letterhead: readonly [name: string, address: string];
  readonly truth: ContractTruth;
}

export type Table = readonly (readonly [label: string, value: string])[];

export interface Signature {
  readonly party: string;
  readonly signer: string;
  readonly office: string | null;
  /** As printed. Null if the line is blank. */
  readonly date: string | null;
}

/** Generates one contract from a template: draws the facts, picks a wording per section, fills in the placeholders. */
export function drawContract(template: Template, number: number, dice: Dice): Contract {
  const facts = drawFacts(template, number, dice);
  const used = new Set<string>();
  const chosen: Variant[] = [];
  const parts = new Map<string, string[]>();
  const clauses: { heading: string; paragraphs: string[] }[] = [];
  for (const section of template.sections) {
    const heading = dice.pick(section.headings);
    const variant = dice.pickWeighted(possible(section.variants, facts, `${template.name}.md, "${heading}"`));
    chosen.push(variant);
    if (variant.text === null) continue;
    // Each line is a row in a table. Elsewhere, a blank line ends a paragraph.
    const pieces = variant.text.split(heading === '(Cover)' || heading === '(Schedule)' ? '\n' : /\n\s*\n/);
    const paragraphs = pieces.map((piece) => fill(piece.replaceAll(/\s*\n\s*/g, ' '), facts, used));
    if (heading.startsWith('(')) parts.set(heading, paragraphs);
    else clauses.push({ heading, paragraphs });
  }
  const { title, reference, region } = facts;
  return {
    title,
    reference,
    cover: tableOf(parts.get('(Cover)')),
    schedule: tableOf(parts.get('(Schedule)')),
    opening: parts.get('(Parties)') ?? [],
    clauses,
    signatures: signatures(facts, used),
    closing: parts.get('(Source)') ?? [],
    region,
    letterhead: [facts.parties[0].name, facts.parties[0].address],
    truth: truthOf(facts, chosen, used),
  };
}

function tableOf(rows: readonly string[] | undefined): Table | null {
  return rows?.map((row) => row.split(/:\s+(.*)/s) as [string, string]) ?? null;
}

function possible(variants: readonly Variant[], { flags }: Facts, where: string): Variant[] {
  const left = variants.filter(({ needs }) => needs.every((need) => flags.has(need)));
  if (left.length === 0)
    throw new Error(`${where}: no wording fits ${[...flags].join(', ')}. Add a wording with fewer \`needs\`.`);
  return left;
}

/** Fills in the placeholders of a text. {{Law}} starts with a capital, {{LAW}} is all capitals. */
function fill(text: string, { values }: Facts, used: Set<string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, placeholder: string) => {
    const key = [...values.keys()].find((key) => key.toLowerCase() === placeholder.toLowerCase());
    const value = key === undefined ? undefined : values.get(key);
    if (key === undefined || value === undefined) {
      throw new Error(`{{${placeholder}}} is not a placeholder. Use one of: ${[...values.keys()].join(', ')}.`);
    }
    used.add(key);
    if (placeholder === placeholder.toUpperCase()) return value.toUpperCase();
    return placeholder === key ? value : value.charAt(0).toUpperCase() + value.slice(1);
  });
}

function signatures(facts: Facts, used: ReadonlySet<string>): Signature[] {
  return signing(facts, used).map(({ name, signer, office }, index) => {
    const day = facts.signed[index] ?? null;
    return {
      party: name,
      signer,
      office,
      date: day === null ? null : writeDate(day, facts.dateStyle).replace(/^the /, ''),
    };
  });
}

/** The parties that sign. The third one signs only if the text names it, for example as a guarantor. */
function signing({ parties }: Facts, used: ReadonlySet<string>): Facts['parties'][number][] {
  return parties.slice(0, used.has('partyC') ? 3 : 2);
}

function truthOf(facts: Facts, chosen: readonly Variant[], used: ReadonlySet<string>): ContractTruth {
  const kinds = new Set(chosen.flatMap((variant) => variant.kinds));
  const risks = new Set(chosen.flatMap((variant) => variant.risks));
  return {
    title: facts.title,
    parties: signing(facts, used).map(({ name }) => name),
    effectiveDate: used.has('effectiveDate') || facts.flags.has('signature-date') ? facts.effectiveDate : null,
    term: used.has('term') ? (facts.values.get('term') ?? null) : null,
    governingLaw: used.has('law') || used.has('place') ? facts.place.name : null,
    clauseKinds: CLAUSE_KINDS.filter((kind) => kinds.has(kind)),
    riskKinds: RISK_KINDS.filter((kind) => risks.has(kind)),
  };
}
