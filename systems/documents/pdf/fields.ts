import type { PDFPageProxy } from 'unpdf/pdfjs';
import { z } from 'zod';

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
  checkBox: z.boolean().catch(false).default(false),
  radioButton: z.boolean().catch(false).default(false),
  exportValue: z.string().nullish().catch(null),
  buttonValue: z.string().nullish().catch(null),
  password: z.boolean().catch(false).default(false),
  textContent: z.array(z.string()).catch([]).default([]),
  contentsObj: z.object({ str: z.string() }).nullish().catch(null),
});
type Annotation = z.infer<typeof annotationSchema>;

/** Returns the fields and remarks that the page shows, without those that have no value. */
export async function readFields(page: PDFPageProxy): Promise<Field[]> {
  const annotations: readonly unknown[] = await page.getAnnotations({ intent: 'display' });
  return annotations.flatMap((annotation) => {
    const parsed = annotationSchema.safeParse(annotation);
    if (!parsed.success) return [];
    const [left, bottom, right, top] = parsed.data.rect;
    const text = textOf(parsed.data)?.trim() ?? '';
    const isRemark = parsed.data.subtype !== 'Widget';
    return text === '' ? [] : [{ text, box: { left, bottom, right, top }, isRemark }];
  });
}

function textOf(annotation: Annotation): string | null {
  const { subtype, fieldType, textContent, contentsObj } = annotation;
  const shown = textContent.join('\n');
  if (subtype === 'FreeText') return shown || (contentsObj?.str ?? null);
  if (subtype !== 'Widget') return null;
  if (fieldType === 'Tx' || fieldType === 'Ch') return annotation.password ? null : valueOf(annotation);
  if (fieldType === 'Btn') return markOf(annotation);
  return fieldType === 'Sig' ? shown : null;
}

/** The value as shown: a choice has a text for each value. */
function valueOf({ fieldValue, options }: Annotation): string {
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue ?? ''];
  const shown = (value: string): string =>
    options.find(({ exportValue }) => exportValue === value)?.displayValue ?? value;
  return values.map(shown).join(', ');
}

/** A box with or without its tick. A button that only starts an action has neither. */
function markOf({ checkBox, radioButton, fieldValue, exportValue, buttonValue }: Annotation): string | null {
  if (!checkBox && !radioButton) return null;
  const isOn = checkBox ? fieldValue === exportValue : fieldValue === buttonValue;
  return isOn && fieldValue !== 'Off' ? '☒' : '☐';
}
