import type { MapItem } from '../../../asl/context.ts';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import type { ItemReader } from '../../../asl/definition.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../asl/json.ts';

/** An item before it has its number. */
export type ReadItem = Omit<MapItem, 'index'>;

/** Parses the items of a file for an ItemReader. Throws `States.ItemReaderFailed`. */
export function parseItems(text: string, reader: ItemReader): readonly ReadItem[] {
  try {
    switch (reader.inputType) {
      case 'JSON':
        return jsonItems(JSON.parse(text) as Json);
      case 'JSONL':
        return text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => ({ value: JSON.parse(line) as Json }));
      case 'CSV':
        return csvItems(text, reader);
    }
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError(ERRORS.itemReaderFailed, `The file is not valid ${reader.inputType}: ${String(error)}`);
  }
}

/** Returns the elements of an array, or the properties of an object. */
function jsonItems(value: Json): readonly ReadItem[] {
  if (isArray(value)) return value.map((element) => ({ value: element }));
  if (isObject(value)) return propertiesOf(value);
  throw new StateError(ERRORS.itemReaderFailed, 'The JSON file must contain an array or an object.');
}

export function propertiesOf(value: JsonObject): readonly ReadItem[] {
  return Object.entries(value).map(([key, property]) => ({ key, value: property }));
}

function csvItems(text: string, reader: ItemReader): readonly ReadItem[] {
  const rows = csvRows(text, reader.csvDelimiter);
  const headers = reader.csvHeaders ?? rows.shift() ?? [];
  // As on AWS, a row with fewer fields has empty strings for the rest, and fields beyond the headers are dropped.
  return rows.map((row) => ({
    value: Object.fromEntries(headers.map((header, index) => [header, row[index] ?? ''])),
  }));
}

/** Parses rows as in RFC 4180: quoted fields may contain delimiters, line breaks and doubled quotes. Skips empty lines. */
export function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = (): void => {
    if (row.length > 0 || field !== '') rows.push([...row, field]);
    row = [];
    field = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') field += text[(index += 1)];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r' && character !== '\uFEFF') field += character;
  }
  endRow();
  return rows;
}
