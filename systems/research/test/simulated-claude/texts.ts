import { readdirSync, readFileSync } from 'node:fs';
import { renderSources } from '../../agents/analyst-prompt.ts';
import { reportedClaimsSchema, type ReportedClaim } from '../../claims/claim.ts';
import analystRule from '../../simulated-claude/analyst.rule.ts';

/** A text about the company Halden Systems, and the kind of claim that it supports; `none` for no claim. */
export interface Text {
  readonly kind: string;
  readonly page: string;
  readonly title: string;
  readonly body: string;
}

/** The texts of a file: blocks that begin with `kind page: title`. */
export function textsOf(file: string): Text[] {
  const blocks = readFileSync(new URL(`texts/${file}`, import.meta.url), 'utf8').split(/\n\s*\n/);
  return blocks
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const [, kind = '', page = '', title = '', body = ''] = /^([\w-]+) (\w+): (.*)\n([^]*)$/.exec(block.trim()) ?? [];
      if (body === '')
        throw new Error(`A text of ${file} is not of the form "kind page: title": ${block.slice(0, 60)}`);
      return { kind, page, title, body };
    });
}

export const allTexts = (): Text[] => readdirSync(new URL('texts', import.meta.url)).flatMap(textsOf);

/** What the simulated Claude claims about a text. */
export function claimsOf({ page, title, body }: Text): ReportedClaim[] {
  const text = renderSources({
    company: { name: 'Halden Systems, Inc.', sector: null },
    night: '2026-11-10',
    documents: [{ id: 's1', title, kind: page, published: '2026-11-10', text: body }],
  });
  const { json } = analystRule.answer({ text, schema: null, followUp: null, fault: null });
  return reportedClaimsSchema.parse(json).claims;
}
