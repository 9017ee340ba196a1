import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { attacks } from './attacks.ts';
import { CLAUSE, makePdf, text } from './support.ts';
import { runProgram } from '#test/e2e/support/run-program.ts';

const printed = z.object({
  baseMb: z.number().positive(),
  peakMb: z.number().positive(),
  outcomes: z.array(z.string()),
  last: z.array(z.string()),
});

it('one worker holds at most 512 MB above what it holds for good PDFs while its five tasks read hostile ones', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fleet-attacked-worker-'));
  try {
    const good = join(home, 'good.pdf');
    await writeFile(good, await makePdf([text(CLAUSE)]));
    const hostile = [...attacks().values()].map((bytes, index) => ({ bytes, file: join(home, `${index}.pdf`) }));
    for (const { bytes, file } of hostile) await writeFile(file, bytes);
    const files = hostile.map(({ file }) => file);
    // Those that fill most memory come again, because V8 keeps what an ended thread leaves.
    const order = [...files, ...files.slice(-3)];
    const { code, stdout, stderr } = await runProgram(
      join(import.meta.dirname, 'five-tasks.process.ts'),
      [good, ...order],
      // As in Lambda, whose memory is meant.
      { GLIBC_TUNABLES: '' },
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { baseMb, peakMb, outcomes, last } = printed.parse(JSON.parse(stdout));
    process.stdout.write(`one worker: ${baseMb.toFixed(0)} MB, attacked ${peakMb.toFixed(0)} MB\n`);
    expect(outcomes).toEqual(order.map(() => 'rejected'));
    expect(last).toEqual(['read']);
    expect(peakMb - baseMb).toBeLessThan(512);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
