import { z } from 'zod';

/** The verdicts of one judge: for each role and call label, whether the call is allowed. */
export type Verdicts = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** A role and a call on which two judges differ. */
export interface Difference {
  readonly role: string;
  readonly call: string;
  /** MiniStack's verdict. The local cloud's is the opposite. */
  readonly ministack: 'allowed' | 'denied';
}

/** A known difference, with the reason and AWS's behaviour. */
export interface Explained {
  readonly role: RegExp;
  readonly call: RegExp;
  readonly ministack: Difference['ministack'];
  readonly reason: string;
}

const deniedSchema = z.union([
  z.object({ status: z.literal(403) }),
  z.object({ error: z.string().regex(/AccessDenied|AuthorizationError|NotAuthorized/) }),
]);

/** Whether a call was denied. Any other error happens after the permission check. */
export const isDenied = (answer: unknown): boolean => deniedSchema.safeParse(answer).success;

/** Returns the differences, for MiniStack's roles and calls. Throws if the local cloud did not judge one of them. */
export function differences(ministack: Verdicts, local: Verdicts) {
  const found: Difference[] = [];
  let judged = 0;
  for (const [role, verdicts] of ministack) {
    for (const [call, theirs] of verdicts) {
      const ours = local.get(role)?.get(call);
      if (ours === undefined) throw new Error(`The local cloud did not judge ${role}: ${call}.`);
      judged += 1;
      if (theirs !== ours) found.push({ role, call, ministack: theirs ? 'allowed' : 'denied' });
    }
  }
  return { found, judged };
}

/** Returns the differences without an explanation, and the explanations without a difference. */
export function unexplained(found: readonly Difference[], explained: readonly Explained[]) {
  const fits = ({ role, call, ministack }: Explained, difference: Difference) =>
    role.test(difference.role) && call.test(difference.call) && ministack === difference.ministack;
  return {
    open: found.filter((difference) => !explained.some((each) => fits(each, difference))),
    stale: explained.filter((each) => !found.some((difference) => fits(each, difference))),
  };
}
