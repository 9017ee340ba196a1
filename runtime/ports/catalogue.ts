import { CATALOGUE, overridesSchema, withOverrides, type Catalogue } from '#core/models/catalogue.ts';

/** The model catalogue with what MODEL_OVERRIDES replaces; throws an `Error` that names what is wrong with it. */
export function catalogueFrom(overrides: string): Catalogue {
  const parsed = overridesSchema.safeParse(JSON.parse(overrides));
  if (!parsed.success) throw new Error(`MODEL_OVERRIDES: ${parsed.error.message}`);
  return withOverrides(CATALOGUE, parsed.data);
}
