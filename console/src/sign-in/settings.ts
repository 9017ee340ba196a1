import { z } from 'zod';

const settingsSchema = z.discriminatedUnion('signIn', [
  /** A link that the fleet on this machine prints. */
  z.object({ signIn: z.literal('cookie') }),
  /** A key of the task API, typed once. */
  z.object({ signIn: z.literal('key') }),
  z.object({
    signIn: z.literal('cognito'),
    /** The address of the sign-in page. */
    page: z.url(),
    clientId: z.string().min(1),
  }),
]);
export type SignInSettings = z.infer<typeof settingsSchema>;
export type Cognito = Extract<SignInSettings, { signIn: 'cognito' }>;

/** How people sign in here, as the file beside the page says. A key, if there is no such file. */
export async function readSettings(): Promise<SignInSettings> {
  try {
    const response = await fetch('/console/config.json', { cache: 'no-store' });
    const parsed = settingsSchema.safeParse(await response.json());
    return parsed.success ? parsed.data : { signIn: 'key' };
  } catch {
    return { signIn: 'key' };
  }
}
