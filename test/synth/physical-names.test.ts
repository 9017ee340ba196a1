import { expect, test } from 'vitest';
import { everyStack } from './every-stack.ts';

/** Properties that name a resource for the whole account and region, by type. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

// Otherwise CloudFormation refuses the stack, or the second one.
test.each(['dev', 'prod'])('in %s no two resources have the same name', async (environment) => {
  const names = Object.values(await everyStack(environment)).flatMap(({ Resources }) =>
    Object.values(Resources).flatMap(({ Type, Properties }) => {
      const name = Properties[NAMES[Type] ?? ''];
      return name === undefined ? [] : [`${Type} ${JSON.stringify(name)}`];
    }),
  );
  // The platform alone has seven.
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
