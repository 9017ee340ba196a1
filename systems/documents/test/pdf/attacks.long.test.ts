import { expect, it } from 'vitest';
import { readPdf } from '../../pdf/read-pdf.ts';
import { attacks } from './attacks.ts';
import { waitedForProcessor } from './processor-wait.ts';
import { CLAUSE, makePdf, rejection, text } from './support.ts';

const MB = 1_048_576;
/** The name of the thread that reads PDFs. */
const READER = 'pdf-reader';

it.each([...attacks()])(
  '%s: rejected within 20 seconds and 512 MB, while this thread stays free',
  async (name, bytes) => {
    const good = await makePdf([text(CLAUSE)]);
    await readPdf(good);
    globalThis.gc?.();
    const [base, before] = [process.memoryUsage.rss(), process.cpuUsage()];
    const waitedBefore = waitedForProcessor(READER);
    let [peak, turns, waited] = [base, 0, 0];
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
      waited = Math.max(waited, waitedForProcessor(READER) - waitedBefore);
      turns += 1;
    }, 10);
    const started = performance.now();
    const { kind, sentence } = await rejection(bytes);
    const seconds = (performance.now() - started) / 1_000;
    clearInterval(watch);
    const { user, system } = process.cpuUsage(before);
    const used = (user + system) / 1e6;
    process.stdout.write(
      `${name}: ${bytes.length} bytes, ${seconds.toFixed(1)} s, ${waited.toFixed(1)} s of them waiting for a processor, ${used.toFixed(1)} s of a processor, ${((peak - base) / MB).toFixed(0)} MB\n`,
    );
    expect(kind).toBe('permanent');
    expect(sentence).toMatch(/\. \w/);
    // The reader's own 12 seconds, and what the garbage collector's threads add, more so beside other work.
    expect(used).toBeLessThan(20);
    // On the clock of a machine without other work. The attack is made and the reader started before.
    expect(process.platform === 'linux' ? seconds - waited : used).toBeLessThan(20);
    expect((peak - base) / MB).toBeLessThan(512);
    // A blocked thread would take a turn or two.
    expect(turns).toBeGreaterThanOrEqual(Math.min(10, Math.floor(seconds * 5)));
    await expect(readPdf(good)).resolves.toBeDefined();
  },
  120_000,
);
