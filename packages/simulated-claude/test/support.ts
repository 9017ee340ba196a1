import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import PdfKit from 'pdfkit';
import { afterAll, onTestFinished } from 'vitest';
import { startSimulatedClaude, type SimulatedClaude, type SimulatedClaudeOptions } from '../src/index.ts';

export const MODEL = 'claude-sonnet-5-5';

const RULES = {
  echo: import.meta.resolve('./rules/echo.rule.ts'),
  weather: import.meta.resolve('./rules/weather.rule.ts'),
  search: import.meta.resolve('./rules/search.rule.ts'),
  clumsy: import.meta.resolve('./rules/clumsy.rule.ts'),
};

/** The absolute path of a rule module. */
export const rulePath = (name: keyof typeof RULES): string => fileURLToPath(RULES[name]);

export interface Simulation extends SimulatedClaude {
  readonly client: Anthropic;
}

/** Starts a simulated Claude, by default with the echo rule, and a client of the real SDK. Closes both after the test. */
export async function simulate(options: Partial<SimulatedClaudeOptions> = {}): Promise<Simulation> {
  const claude = await startSimulatedClaude({ rules: [rulePath('echo')], ...options });
  onTestFinished(() => claude.close());
  return withClient(claude);
}

/**
 * Starts one simulated Claude with the echo rule for all tests of a file, at the first use, because starting one takes
 * 0.3 s. Call it at the top of the file: it closes the simulated Claude after the last test.
 */
export function shareEcho(): () => Promise<Simulation> {
  let shared: Promise<Simulation> | undefined;
  afterAll(async () => (await shared)?.close());
  return () => (shared ??= startSimulatedClaude({ rules: [rulePath('echo')] }).then(withClient));
}

const withClient = (claude: SimulatedClaude): Simulation => ({
  ...claude,
  client: new Anthropic({ baseURL: claude.url, apiKey: 'any', maxRetries: 0 }),
});

/** A PDF with one text per page. */
export async function pdfOf(texts: readonly string[], options: PDFKit.PDFDocumentOptions = {}): Promise<string> {
  const pdf = new PdfKit({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => pdf.once('end', resolve));
  for (const text of texts) pdf.addPage().text(text);
  pdf.end();
  await ended;
  return Buffer.concat(chunks).toString('base64');
}

export const documentBlock = (data: string): Anthropic.DocumentBlockParam => ({
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data },
});

/** A request with one user turn. */
export const ask = (
  content: string | Anthropic.ContentBlockParam[],
  more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
): Anthropic.MessageCreateParamsNonStreaming => ({
  model: MODEL,
  max_tokens: 1_000,
  messages: [{ role: 'user', content }],
  ...more,
});

/** The text of an answer's first block. */
export function textOf(message: Anthropic.Message): string {
  const [block] = message.content;
  if (block?.type !== 'text') throw new Error(`The answer starts with ${block?.type}, not with text.`);
  return block.text;
}

export const ECHO_SCHEMA = {
  type: 'object',
  properties: { text: { type: 'string' }, pages: { type: 'array', items: { type: 'string' } } },
  required: ['text', 'pages'],
  additionalProperties: false,
} as const;

/** Requests the echo as JSON. */
export const jsonFormat = (schema: Record<string, unknown> = ECHO_SCHEMA): Anthropic.OutputConfig => ({
  format: { type: 'json_schema', schema },
});
