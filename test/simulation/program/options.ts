import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { wrongUsage } from '#cli/user-error.ts';

const whole = (least: number) => {
  const error = `must be a whole number of at least ${least}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error });
};

const optionsSchema = z
  .object({
    seed: whole(0).optional(),
    from: whole(0).default(1),
    seeds: whole(1).optional(),
    minutes: z.coerce
      .number({ error: 'must be a number greater than 0' })
      .positive({ error: 'must be a number greater than 0' })
      .optional(),
    mutants: z.boolean().default(false),
    mutant: z.string().min(1).optional(),
    threads: whole(1).default(Math.min(2, availableParallelism())),
    regions: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(({ seed, mutants }) => seed === undefined || !mutants, 'use either --seed or --mutants, not both')
  .refine(({ mutant, mutants }) => mutant === undefined || !mutants, 'use either --mutant or --mutants, not both')
  .refine(
    ({ minutes, seed }) => minutes === undefined || seed === undefined,
    'use either --seed or --minutes, not both',
  )
  .refine(
    ({ minutes, mutant, mutants }) => minutes === undefined || (mutant === undefined && !mutants),
    '--minutes does not apply to mutants: use --seeds instead',
  )
  .refine(
    ({ regions, mutants, mutant, minutes }) => !regions || (!mutants && mutant === undefined && minutes === undefined),
    '--regions goes with --seed, --seeds and --from only',
  );

export type Options = z.infer<typeof optionsSchema>;

/** Returns the options of the command line. Throws a usage error that names the option and its valid values. */
export function parseOptions(raw: unknown): Options {
  const parsed = optionsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `--${path.join('.')}: ${message}` : message,
  );
  throw wrongUsage(`${problems.join('; ')}.`, 'See npm run simulate -- --help.');
}
