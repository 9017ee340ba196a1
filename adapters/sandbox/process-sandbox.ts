import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeSchema, programSchema } from '#core/ports/sandbox.ts';
import type { CheckedProgram, Sandbox, SandboxOutcome } from '#core/ports/sandbox.ts';
import { startOf } from '#core/text/text.ts';
import type { Order } from './order.ts';
import { runConfined, type ConfinedEnd } from './confined-process.ts';

export interface ProcessSandboxOptions {
  /** Path of the bundled functions/run-code/interpreter.ts. */
  readonly interpreter: string;
}

/** Extra time for the process to start and to report its result. Its own time limit is stricter. */
const GRACE_MS = 3_000;
/** JSON may encode a character in six bytes. The frame covers the rest of the message. */
const BYTES_PER_CHARACTER = 6;
const FRAME_BYTES = 16_384;

/**
 * A sandbox with two layers. Code runs in an interpreter without access to anything outside
 * (functions/run-code/interpreter.ts). The interpreter runs in a process that can only read one folder
 * (adapters/sandbox/confined-process.ts), one process per program.
 */
export function processSandbox({ interpreter }: ProcessSandboxOptions): Sandbox {
  return {
    async run(given, signal) {
      const program = programSchema.parse(given);
      const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
      try {
        for (const [name, text] of Object.entries(program.files)) await writeFile(join(folder, name), text);
        return outcomeOf(await interpret(program, folder, interpreter, signal), program);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function interpret(
  { code, input, limits }: CheckedProgram,
  folder: string,
  program: string,
  signal: AbortSignal | undefined,
): Promise<ConfinedEnd> {
  return runConfined({
    program,
    folder,
    stdin: JSON.stringify({ code, input, folder, limits } satisfies Order),
    timeMs: limits.timeMs + GRACE_MS,
    memoryMb: limits.memoryMb,
    outputBytes: limits.outputChars * BYTES_PER_CHARACTER + FRAME_BYTES,
    signal,
  });
}

function outcomeOf(end: ConfinedEnd, { limits }: CheckedProgram): SandboxOutcome {
  switch (end.kind) {
    case 'timeout':
      return problem(`The code did not end within ${limits.timeMs} ms.`);
    case 'too-much-output':
      return problem(`The result is longer than ${limits.outputChars} characters.`);
    case 'aborted':
      return problem('The code was stopped.');
    case 'exited':
      return read(end);
  }
}

/** The output of the process is not trusted either, because code that escapes the interpreter controls it. */
function read({ code, stdout, stderr }: Extract<ConfinedEnd, { kind: 'exited' }>): SandboxOutcome {
  try {
    return outcomeSchema.parse(JSON.parse(stdout));
  } catch {
    const complaint = startOf(stderr.trim().split('\n').at(-1) ?? '', 500);
    return problem(`The sandbox's process failed (exit code ${code}). ${complaint}`.trim());
  }
}

const problem = (text: string): SandboxOutcome => ({ ok: false, problem: text });
