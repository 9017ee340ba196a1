import { z } from 'zod';

/** A whole number given on the command line as `--name`. Errors name the option. */
export const wholeOption = (name: string, least: number, most: number) =>
  z.coerce
    .number({ error: `--${name} must be a number` })
    .int(`--${name} must be a whole number`)
    .min(least, `--${name} must be ${least} or more`)
    .max(most, `--${name} must be ${most} or less`);
