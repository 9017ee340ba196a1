import { ServiceError } from '../service.ts';

/** The errors of the Step Functions API, with AWS's messages. */

export const invalidName = (name: string): ServiceError => new ServiceError('InvalidName', `Invalid Name: '${name}'`);

export const invalidDefinition = (problem: string): ServiceError =>
  new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${problem}'`);

export const invalidInput = (problem: string): ServiceError =>
  new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${problem}'`);

export const invalidOutput = (problem: string): ServiceError =>
  new ServiceError('InvalidOutput', `Invalid Output: '${problem}'`);

export const invalidToken = (problem: string): ServiceError =>
  new ServiceError('InvalidToken', `Invalid Token: '${problem}'`);

export const taskTimedOut = (): ServiceError =>
  new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");

export const machineExists = (arn: string): ServiceError =>
  new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);

export const noMachine = (arn: string): ServiceError =>
  new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);

export const machineDeleting = (arn: string): ServiceError =>
  new ServiceError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);

export const executionExists = (arn: string): ServiceError =>
  new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);

export const noExecution = (arn: string): ServiceError =>
  new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);

export const noMapRun = (arn: string): ServiceError =>
  new ServiceError('ResourceNotFound', `Map Run does not exist: '${arn}'`);

export const invalidPage = (): ServiceError => new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
