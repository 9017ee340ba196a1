import { defineAgent, type Agent } from '#core/agents/define-agent.ts';
import { objectInputSchema } from '#core/agents/object-input.ts';
import { listPages, noteSentences } from '../pdf/page-flaws.ts';
import { readPdf } from '../pdf/read-pdf.ts';
import { MAX_BYTES, tooLarge } from '../pdf/rejections.ts';
import { contractSchema } from './contract.ts';
import { ANALYST } from './identity.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { indexQuotes } from './quotes.ts';
import { annotateContract, checkContract, salvageContract } from './verify-contract.ts';

const analyst = (version: string, earlier: readonly Agent<AnalystServices>[]) =>
  defineAgent({
    ...ANALYST,
    version,
    earlier,
    description: 'Analyses one contract: its parties and dates, and its clauses and risks, each with a quote',
    system: INSTRUCTIONS,
    input: objectInputSchema,
    output: contractSchema,
    // Two calls (the second repairs an answer) over about a hundred pages of about 2,500 tokens each.
    budget: { tokens: 600_000, usd: 2 },
    // Room for three dozen quotes of 60 words.
    maxOutputTokens: 8_192,
    maxObjectBytes: MAX_BYTES,

    async prepare({ object }, { artifacts }, { acceptScans }: AnalystServices) {
      // Rejects an oversized file without downloading it.
      if (object.size > MAX_BYTES) throw tooLarge(object.size);
      const { pages, textBytes, bytes, unread, notes } = await readPdf(await artifacts.get(object), { acceptScans });
      // A copy without protection may be larger.
      if (bytes.length > MAX_BYTES) throw tooLarge(bytes.length);
      const task = `Analyse this contract. The PDF has ${pages.length} page${pages.length === 1 ? '' : 's'}.`;
      return {
        content: [
          { type: 'document', mediaType: 'application/pdf', bytes, pages: pages.length, textBytes },
          { type: 'text', text: unread.length === 0 ? task : `${task} ${lookAt(unread)}` },
        ],
        context: indexQuotes(pages, unread, noteSentences(notes)),
      };
    },
    check: checkContract,
    annotate: annotateContract,
    salvage: salvageContract,
  });

/** Its results come from texts without what stamps and signatures show. It finishes the tasks that it accepted. */
const version1 = analyst('1', []);

/** Analyses one contract (an uploaded PDF): its parties, dates, clauses and risks, with their quotes. */
export const contractAnalyst = analyst(ANALYST.version, [version1]);

/** How the analyst works in this fleet. */
export interface AnalystServices {
  /** Whether to read pages without text, such as scans, by the model's vision. */
  readonly acceptScans: boolean;
}

const lookAt = (unread: readonly number[]): string =>
  unread.length === 1
    ? `Page ${listPages(unread)} has no text layer. Read what it shows.`
    : `Pages ${listPages(unread)} have no text layer. Read what they show.`;
