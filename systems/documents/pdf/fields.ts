import type { PDFPageProxy } from 'unpdf/pdfjs';
import { z } from 'zod';
import type { Drawn } from './page-drawing.ts';

export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** What a page shows that is not part of its content: the value of a form field, a signature, a typed remark. */
export interface Field {
  readonly text: string;
  readonly box: Box;
  /** Whether it is a remark, which is not part of a form. */
  readonly isRemark: boolean;
}

/** The part of pdf.js's annotations used here. All of it may come from anybody. */
const annotationSchema = z.object({
  id: z.string().catch(''),
  subtype: z.string(),
  rect: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  fieldType: z.string().nullish().catch(null),
  fieldValue: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .catch(null),
  options: z
    .array(z.object({ exportValue: z.string(), displayValue: z.string() }))
    .catch([])
    .default([]),
  combo: z.boolean().catch(false).default(false),
  checkBox: z.boolean().catch(false).default(false),
  radioButton: z.boolean().catch(false).default(false),
  exportValue: z.string().nullish().catch(null),
  buttonValue: z.string().nullish().catch(null),
  password: z.boolean().catch(false).default(false),
  textContent: z.array(z.string()).catch([]).default([]),
  contentsObj: z.object({ str: z.string() }).nullish().catch(null),
});
/** A field, a stamp, a signature, a remark: what a page shows above its content. */
export type Annotation = z.infer<typeof annotationSchema>;

/** Returns the annotations that can be seen. */
export async function readAnnotations(page: PDFPageProxy): Promise<Annotation[]> {
  const annotations: readonly unknown[] = await page.getAnnotations({ intent: 'display' });
  return annotations.flatMap((annotation) => {
    const parsed = annotationSchema.safeParse(annotation);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Returns the fields and remarks that the page shows, without those that say nothing. */
export function fieldsOf(annotations: readonly Annotation[], drawn: ReadonlyMap<string, Drawn>): Field[] {
  return annotations.flatMap((annotation) => {
    const [left, bottom, right, top] = annotation.rect;
    const text = textOf(annotation, drawn.get(annotation.id)).trim();
    const isRemark = annotation.subtype !== 'Widget';
    return text === '' ? [] : [{ text, box: { left, bottom, right, top }, isRemark }];
  });
}

/** Whether a stamp or signature shows a picture or outlines in place of words. */
export const isPictured = ({ subtype, fieldType }: Annotation, drawn: Drawn | undefined): boolean =>
  (subtype === 'Stamp' || fieldType === 'Sig') &&
  drawn !== undefined &&
  drawn.letters === 0 &&
  (drawn.picture > 0 || drawn.shapes >= OUTLINED);

/** Text turned into outlines has hundreds of shapes. Ruled lines are only a few. */
export const OUTLINED = 40;

/** What an annotation shows, and its value if that is something else: the value counts for whoever processes the form. */
function textOf(annotation: Annotation, drawn: Drawn | undefined): string {
  if (annotation.password) return '';
  if (annotation.checkBox || annotation.radioButton) return markOf(annotation);
  const shown = drawn !== undefined && drawn.undecoded === 0 ? drawn.text.trim() : '';
  const value = valueOf(annotation);
  const [shownLetters, letters] = [lettersOf(shown), lettersOf(value)];
  if (letters === '' || (shownLetters !== letters && shownLetters.includes(letters))) return shown;
  return letters.includes(shownLetters) ? value : `${shown} ${value}`;
}

const lettersOf = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');

function valueOf(annotation: Annotation): string {
  const { subtype, fieldType, textContent, contentsObj } = annotation;
  if (subtype === 'FreeText') return textContent.join('\n') || (contentsObj?.str ?? '');
  return fieldType === 'Tx' || fieldType === 'Ch' ? fieldValueOf(annotation) : '';
}

/** The value as shown: a choice has a text for each value. */
function fieldValueOf({ fieldType, fieldValue, options, combo }: Annotation): string {
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue ?? ''];
  const shown = (value: string): string =>
    options.find(({ exportValue }) => exportValue === value)?.displayValue ?? value;
  const chosen = values.map(shown).join(', ');
  // An open list shows what is not chosen too.
  const isList = fieldType === 'Ch' && !combo;
  return [chosen, ...(isList ? options.map(({ displayValue }) => displayValue) : [])].join('\n').trim();
}

/** A box with or without its tick. */
function markOf({ checkBox, fieldValue, exportValue, buttonValue }: Annotation): string {
  const isOn = checkBox ? fieldValue === exportValue : fieldValue === buttonValue;
  return isOn && fieldValue !== 'Off' ? '☒' : '☐';
}
