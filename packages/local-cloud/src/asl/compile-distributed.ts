import type { Distributed, ItemReader } from './definition.ts';
import { field, needed, refuse, type Place } from './place.ts';
import type { Written } from './schema.ts';

const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/** Fields that only a Distributed Map has. */
const DISTRIBUTED_ONLY = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'Label',
] as const;

/** Compiles what makes a Map distributed; undefined for an inline one. */
export function compileDistributed(name: string, written: Written<'Map'>, place: Place): Distributed | undefined {
  const config = written.ItemProcessor.ProcessorConfig;
  if (config?.Mode !== 'DISTRIBUTED') {
    const extra = DISTRIBUTED_ONLY.find((name) => written[name] !== undefined);
    if (extra !== undefined) refuse(`${extra} needs "ProcessorConfig": { "Mode": "DISTRIBUTED" }`, place.at);
    return undefined;
  }
  if (written.ItemReader !== undefined && written.Items !== undefined) {
    refuse('a Map has either Items or an ItemReader', place.at);
  }
  const writer = written.ResultWriter;
  const batcher = written.ItemBatcher;
  return {
    // AWS makes up a label where none is given; the state's name says more.
    label: written.Label ?? name.replaceAll(/[^\w-]/g, '').slice(0, 40),
    executionType: config.ExecutionType ?? 'STANDARD',
    reader: written.ItemReader === undefined ? undefined : compileReader(written.ItemReader, place),
    batcher: batcher && {
      maxItems: field(batcher.MaxItemsPerBatch, 'ItemBatcher/MaxItemsPerBatch', place),
      maxBytes: field(batcher.MaxInputBytesPerBatch, 'ItemBatcher/MaxInputBytesPerBatch', place),
      batchInput: field(batcher.BatchInput, 'ItemBatcher/BatchInput', place),
    },
    writer: writer && {
      arguments: field(writer.Arguments, 'ResultWriter/Arguments', place),
      // Results in S3 keep their metadata unless told otherwise; a preview in the output must be told.
      transformation: writer.WriterConfig?.Transformation ?? 'NONE',
      outputType: writer.WriterConfig?.OutputType ?? 'JSON',
    },
    toleratedFailureCount: field(written.ToleratedFailureCount, 'ToleratedFailureCount', place),
    toleratedFailurePercentage: field(written.ToleratedFailurePercentage, 'ToleratedFailurePercentage', place),
  };
}

function compileReader(written: NonNullable<Written<'Map'>['ItemReader']>, place: Place): ItemReader {
  const action = written.Resource.endsWith('listObjectsV2') ? 'listObjectsV2' : 'getObject';
  const config = written.ReaderConfig ?? {};
  const at = `${place.at}/ItemReader/ReaderConfig`;
  if (action === 'getObject' && config.InputType === undefined) refuse('getObject needs an InputType', at);
  if (config.CSVHeaderLocation === 'GIVEN' && config.CSVHeaders === undefined) {
    refuse('"CSVHeaderLocation": "GIVEN" needs CSVHeaders', at);
  }
  return {
    action,
    arguments: needed(written.Arguments, 'ItemReader/Arguments', place),
    inputType: config.InputType ?? 'JSON',
    csvHeaders: config.CSVHeaderLocation === 'GIVEN' ? config.CSVHeaders : undefined,
    csvDelimiter: DELIMITERS[config.CSVDelimiter ?? 'COMMA'],
    maxItems: field(config.MaxItems, 'ItemReader/ReaderConfig/MaxItems', place),
  };
}
