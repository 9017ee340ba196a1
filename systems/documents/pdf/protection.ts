import { documentFault } from './faults.ts';
import type { unprotect } from './unprotect.ts';

/**
 * A module of its own in a bundle, too, see bundled.ts: each thread would otherwise hold its code, a third of all, which most
 * never run.
 */
const unprotecting = new URL(import.meta.url.endsWith('.ts') ? 'unprotect.ts' : 'pdf-unprotect.mjs', import.meta.url);

/**
 * Returns a copy of a PDF that anybody can open but that restricts its use, such as printing. The copy has no
 * encryption, because the Claude API accepts none. It is the same for the same bytes.
 */
export async function withoutProtection(bytes: Uint8Array, pages: number): Promise<Uint8Array> {
  // A bundle that lacks the module is no fault of the document.
  const program = (await import(unprotecting.href)) as { readonly unprotect: typeof unprotect };
  try {
    return await program.unprotect(bytes, pages);
  } catch (cause) {
    throw documentFault(
      'password-protected',
      'The protection of the PDF cannot be removed. Upload a copy saved without protection.',
      { cause },
    );
  }
}
