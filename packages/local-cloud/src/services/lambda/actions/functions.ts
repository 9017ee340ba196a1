import { z } from 'zod';
import type { LambdaFunction } from '../../../lambda/function.ts';
import { parseInput } from '../../http.ts';
import type { ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../context.ts';
import type { LambdaAction } from '../context.ts';

const Named = z.strictObject({ FunctionName: z.string(), Qualifier: z.string().optional() });
const Listed = z.strictObject({ MaxItems: z.coerce.number().optional(), Marker: z.string().optional() });

export const getFunction: LambdaAction = ({ functions }, input) => {
  const { FunctionName, Qualifier } = parseInput(Named, input, INPUT_CODES);
  const { function: fn } = functions.find(FunctionName, Qualifier);
  const { reservedConcurrency, taskRoot } = fn.config;
  return {
    Configuration: describe(fn),
    Code: { RepositoryType: 'S3', Location: `file://${taskRoot}` },
    ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
};

export const getFunctionConfiguration: LambdaAction = ({ functions }, input) => {
  const { FunctionName, Qualifier } = parseInput(Named, input, INPUT_CODES);
  return describe(functions.find(FunctionName, Qualifier).function);
};

/** Returns all functions in one page. */
export const listFunctions: LambdaAction = ({ functions }, input) => {
  parseInput(Listed, input, INPUT_CODES);
  return { Functions: functions.list().map(describe) };
};

function describe({ config }: LambdaFunction): ServiceOutput {
  return {
    FunctionName: config.functionName,
    FunctionArn: config.arn,
    Runtime: config.runtime,
    Role: config.roleArn,
    Handler: config.handler,
    Description: config.description,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMb,
    Version: '$LATEST',
    Environment: { Variables: config.configuredVariables },
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: config.logFormat, LogGroup: config.logGroup },
  };
}
