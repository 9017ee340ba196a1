import { z } from 'zod';

/** A whole number given on the command line. `parseOptions` names the option in the error. */
export const wholeOption = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** A number given on the command line. */
export const numberOption = z.coerce.number();
