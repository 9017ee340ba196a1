import { z } from 'zod';

/** What one judge said: for each role, by the call's label, whether it is allowed. */
export type Verdicts = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** A role and a call on which two judges differ. */
export interface Difference {
  readonly role: string;
  readonly call: string;
  /** What MiniStack says; the local judge says the opposite. */
  readonly ministack: 'allowed' | 'denied';
}

/** A difference that is known, with what is right on AWS. */
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

/** Whether an answer is a refusal of the judge; any other error came after it. */
export const isDenied = (answer: unknown): boolean => deniedSchema.safeParse(answer).success;

/** Where two judges differ, in the roles and calls of the first. Throws where the second did not judge. */
export function differences(ministack: Verdicts, local: Verdicts) {
  const found: Difference[] = [];
  let judged = 0;
  for (const [role, verdicts] of ministack) {
    for (const [call, theirs] of verdicts) {
      const ours = local.get(role)?.get(call);
      if (ours === undefined) throw new Error(`The local judge was not asked about ${role}: ${call}.`);
      judged += 1;
      if (theirs !== ours) found.push({ role, call, ministack: theirs ? 'allowed' : 'denied' });
    }
  }
  return { found, judged };
}

/** The differences that nothing explains, and the explanations that fit no difference any more. */
export function unexplained(found: readonly Difference[], explained: readonly Explained[]) {
  const fits = ({ role, call, ministack }: Explained, difference: Difference) =>
    role.test(difference.role) && call.test(difference.call) && ministack === difference.ministack;
  return {
    open: found.filter((difference) => !explained.some((each) => fits(each, difference))),
    stale: explained.filter((each) => !found.some((difference) => fits(each, difference))),
  };
}
