import { CATALOGUE, overridesSchema, withOverrides, type Catalogue } from '#core/models/catalogue.ts';

/** The model catalogue with the replacements of MODEL_OVERRIDES. Throws an `Error` that names an invalid one. */
export function catalogueFrom(overrides: string): Catalogue {
  const parsed = overridesSchema.safeParse(JSON.parse(overrides));
  if (!parsed.success) throw new Error(`MODEL_OVERRIDES: ${parsed.error.message}`);
  return withOverrides(CATALOGUE, parsed.data);
}
