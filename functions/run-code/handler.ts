import { fileURLToPath } from 'node:url';
import { processSandbox } from '#adapters/sandbox/process-sandbox.ts';
import { programSchema, type SandboxOutcome } from '#core/ports/sandbox.ts';

/** The interpreter is next to this file in the bundle. */
const sandbox = processSandbox({ interpreter: fileURLToPath(new URL('interpreter.mjs', import.meta.url)) });

/** Runs an untrusted program. The function has no permissions and no network, so it has no traces or metrics. */
export const handler = (event: unknown): Promise<SandboxOutcome> => sandbox.run(programSchema.parse(event));
