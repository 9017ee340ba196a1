import type { Distributed, ItemReader } from './definition.ts';
import { compileField, invalidDefinition, requiredField, type Scope } from './scope.ts';
import type { Written } from './schema.ts';

const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/** Fields that only a Distributed Map may have. */
const DISTRIBUTED_ONLY = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'Label',
] as const;

/** Compiles the settings of a Distributed Map; undefined for an inline Map. */
export function compileDistributed(name: string, written: Written<'Map'>, scope: Scope): Distributed | undefined {
  const config = written.ItemProcessor.ProcessorConfig;
  if (config?.Mode !== 'DISTRIBUTED') {
    const extra = DISTRIBUTED_ONLY.find((name) => written[name] !== undefined);
    if (extra !== undefined) invalidDefinition(`${extra} needs "ProcessorConfig": { "Mode": "DISTRIBUTED" }`, scope.at);
    return undefined;
  }
  if (written.ItemReader !== undefined && written.Items !== undefined) {
    invalidDefinition('a Map cannot have both Items and an ItemReader', scope.at);
  }
  const writer = written.ResultWriter;
  const batcher = written.ItemBatcher;
  return {
    // AWS generates a label when none is given. The name of the state is more readable.
    label: written.Label ?? name.replaceAll(/[^\w-]/g, '').slice(0, 40),
    executionType: config.ExecutionType ?? 'STANDARD',
    reader: written.ItemReader === undefined ? undefined : compileReader(written.ItemReader, scope),
    batcher: batcher && {
      maxItems: compileField(batcher.MaxItemsPerBatch, 'ItemBatcher/MaxItemsPerBatch', scope),
      maxBytes: compileField(batcher.MaxInputBytesPerBatch, 'ItemBatcher/MaxInputBytesPerBatch', scope),
      batchInput: compileField(batcher.BatchInput, 'ItemBatcher/BatchInput', scope),
    },
    writer: writer && {
      arguments: compileField(writer.Arguments, 'ResultWriter/Arguments', scope),
      // Results in S3 keep their metadata by default.
      transformation: writer.WriterConfig?.Transformation ?? 'NONE',
      outputType: writer.WriterConfig?.OutputType ?? 'JSON',
    },
    toleratedFailureCount: compileField(written.ToleratedFailureCount, 'ToleratedFailureCount', scope),
    toleratedFailurePercentage: compileField(written.ToleratedFailurePercentage, 'ToleratedFailurePercentage', scope),
  };
}

function compileReader(written: NonNullable<Written<'Map'>['ItemReader']>, scope: Scope): ItemReader {
  const action = written.Resource.endsWith('listObjectsV2') ? 'listObjectsV2' : 'getObject';
  const config = written.ReaderConfig ?? {};
  const at = `${scope.at}/ItemReader/ReaderConfig`;
  if (action === 'getObject' && config.InputType === undefined) invalidDefinition('getObject needs an InputType', at);
  if (config.CSVHeaderLocation === 'GIVEN' && config.CSVHeaders === undefined) {
    invalidDefinition('"CSVHeaderLocation": "GIVEN" needs CSVHeaders', at);
  }
  return {
    action,
    arguments: requiredField(written.Arguments, 'ItemReader/Arguments', scope),
    inputType: config.InputType ?? 'JSON',
    csvHeaders: config.CSVHeaderLocation === 'GIVEN' ? config.CSVHeaders : undefined,
    csvDelimiter: DELIMITERS[config.CSVDelimiter ?? 'COMMA'],
    maxItems: compileField(config.MaxItems, 'ItemReader/ReaderConfig/MaxItems', scope),
  };
}
