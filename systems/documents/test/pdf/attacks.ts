import { deflateSync } from 'node:zlib';
import { handmade, latin1, stream } from './support.ts';

const MB = 1_048_576;
const HEAD = [
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
  '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
];
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');
const page = (data: Uint8Array, keys: string, ...others: string[]): Uint8Array =>
  handmade([...HEAD, stream(text(data), keys), ...others]);
const repeated = (words: string, times: number): Uint8Array => latin1(`%PDF-1.7\n${words.repeat(times)}\n%%EOF\n`);

/** 1.5 GB of spaces in 3 kB, packed twice. */
const twice = (): Uint8Array => deflateSync(deflateSync(Buffer.alloc(1_500 * MB, ' '), { level: 9 }), { level: 9 });
/** 60 MiB of operators. */
const operators = (line: string): Uint8Array => deflateSync(line.repeat((60 * MB) / line.length), { level: 9 });

/** Small PDFs that once stalled a worker or filled its memory, by what they do. */
export function attacks(): ReadonlyMap<string, Uint8Array> {
  const packed = twice();
  return new Map([
    ['150,000 times the word stream', repeated('stream\n', 150_000)],
    ['300,000 times the word stream', repeated('stream\n', 300_000)],
    ['32 MiB of the word stream', repeated('stream\n', (32 * MB) / 7)],
    ['filters with thousands of spaces', repeated(`1 0 obj << /Filter${' '.repeat(2_000)}x >> stream\n`, 500)],
    ['a filter behind 2,000,000 spaces', repeated(`1 0 obj << /Filter${' '.repeat(2_000_000)}x >>\nstream\n`, 1)],
    ['two chained filters', page(packed, '/Filter [/FlateDecode /FlateDecode]')],
    ['abbreviated filter names', page(packed, '/Filter [/Fl /Fl]')],
    ['escaped filter names', page(packed, '/Filter [/Flate#44ecode /#46lateDecode]')],
    ['indirect filter names', page(packed, '/Filter 6 0 R', '[7 0 R 7 0 R]', '/FlateDecode')],
    ['60 MiB of lines', page(operators('0 0 m 9 9 l S\n'), '/Filter /FlateDecode')],
    ['60 MiB of saved states', page(operators('q Q\n'), '/Filter /FlateDecode')],
  ]);
}
