import { z } from 'zod';

/** The limits of a program. */
export const limitsSchema = z.strictObject({
  /** Milliseconds from its start to its end, the wait for a processor included. */
  timeMs: z.int().min(100).max(30_000).default(5_000),
  /** MiB of its own data. */
  memoryMb: z.int().min(4).max(256).default(64),
  /** Characters of its result as JSON. */
  outputChars: z.int().min(2).max(200_000).default(32_768),
});

/** Untrusted code, with everything that it may read. */
export const programSchema = z.strictObject({
  /**
   * The body of an async function. `input` is its input, `readFile(name)` and `fileNames()` read its folder, and its return
   * value is the result. ECMAScript 2023, without the APIs of Node.js or a browser.
   */
  code: z.string().max(200_000),
  input: z.json().default(null),
  /** Its read-only folder: texts by plain names. */
  files: z
    .record(z.string().regex(/^\w[\w.-]{0,99}$/, 'a plain file name'), z.string().max(1_000_000))
    .refine((files) => Object.keys(files).length <= 100, 'at most 100 files')
    .default({}),
  limits: limitsSchema.prefault({}),
});
/** A program as the caller writes it. Fields with defaults may be left out. */
export type Program = z.input<typeof programSchema>;
export type CheckedProgram = z.output<typeof programSchema>;

/** How a program ended. A `problem` is a sentence for the model: what its code did, or which limit it met. */
export const outcomeSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), output: z.json() }),
  z.strictObject({ ok: z.literal(false), problem: z.string().max(4_000) }),
]);
export type SandboxOutcome = z.output<typeof outcomeSchema>;

/** Runs programs without network, credentials or anything to write to. */
export interface Sandbox {
  /** Throws a `ZodError` for a program out of bounds, and when the sandbox itself cannot be reached: never for what a program does. */
  run(program: Program, signal?: AbortSignal): Promise<SandboxOutcome>;
}
