import type { Provisioned } from '../assembly/stack.ts';
import type { ResourceContext, ResourceType } from './resource.ts';

type Properties = Readonly<Record<string, unknown>>;

/**
 * Types that run nothing on this machine. They are registered with their resolved properties, so that `Ref` and
 * `Fn::GetAtt` work and readers such as the console find them.
 */
const REGISTERED: Readonly<Record<string, (properties: Properties, context: ResourceContext) => Provisioned>> = {
  'AWS::IAM::ServiceLinkedRole': (_properties, context) => plain(context.physicalName(64)),
  // There are no networks here: see VpcConfig in lambda-function.ts.
  'AWS::EC2::VPC': (properties, context) => {
    const id = context.physicalName(32);
    return { ref: id, attributes: { VpcId: id, CidrBlock: String(properties['CidrBlock']) } };
  },
  'AWS::EC2::Subnet': (_properties, context) => {
    const id = context.physicalName(32);
    return { ref: id, attributes: { SubnetId: id } };
  },
  'AWS::EC2::RouteTable': (_properties, context) => plain(context.physicalName(32)),
  'AWS::EC2::SubnetRouteTableAssociation': (_properties, context) => plain(context.physicalName(32)),
  'AWS::EC2::SecurityGroup': (_properties, context) => {
    const id = context.physicalName(32);
    return { ref: id, attributes: { GroupId: id } };
  },
  // Nothing is encrypted here.
  'AWS::KMS::Key': (_properties, context) => {
    const id = context.physicalName(36);
    return { ref: id, attributes: { Arn: context.arn('kms', `key/${id}`), KeyId: id } };
  },
  'AWS::KMS::Alias': (properties) => plain(String(properties['AliasName'])),
  // Configures the logs of API Gateway on AWS.
  'AWS::ApiGateway::Account': (_properties, context) => plain(context.physicalName(100)),
  // Nothing filters requests to an API here: only this machine can reach it.
  'AWS::WAFv2::WebACL': (properties, context) => wafPart('webacl', properties, context),
  'AWS::WAFv2::WebACLAssociation': (_properties, context) => plain(context.physicalName(100)),
  'AWS::WAFv2::IPSet': (properties, context) => wafPart('ipset', properties, context),
  'AWS::WAFv2::LoggingConfiguration': (properties) => plain(String(properties['ResourceArn'])),
  // There is no edge here: whoever runs the cloud serves pages by the option `apiFront`.
  'AWS::CloudFront::Distribution': (_properties, context) => {
    const id = context.physicalName(14);
    return { ref: id, attributes: { Id: id, DomainName: `${id.toLowerCase()}.cloudfront.net` } };
  },
  'AWS::CloudFront::Function': (properties, context) => {
    const arn = context.arn('cloudfront', `function/${named(properties, 'Name', context, 64)}`);
    return { ref: arn, attributes: { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' } };
  },
  'AWS::CloudFront::OriginAccessControl': (_properties, context) => plain(context.physicalName(14)),
  'AWS::CloudFront::ResponseHeadersPolicy': (_properties, context) => plain(context.physicalName(36)),
  // Nobody signs in here, so no token is valid.
  'AWS::Cognito::UserPool': (_properties, context) => {
    const id = `${context.host.region}_${context.physicalName(12).replaceAll(/\W/g, '')}`;
    const attributes = { Arn: context.arn('cognito-idp', `userpool/${id}`), UserPoolId: id };
    return { ref: id, attributes };
  },
  'AWS::Cognito::UserPoolClient': (_properties, context) => {
    const id = context.physicalName(26);
    return { ref: id, attributes: { ClientId: id, Name: id } };
  },
  'AWS::Cognito::UserPoolDomain': (properties) => plain(String(properties['Domain'])),
  'AWS::Cognito::UserPoolGroup': (properties) => plain(String(properties['GroupName'])),
  // The files of a page, and the program that copies them to its bucket.
  'AWS::Lambda::LayerVersion': (_properties, context) =>
    plain(context.arn('lambda', `layer:${context.physicalName(64)}:1`)),
  'Custom::CDKBucketDeployment': (properties, context) => {
    const ref = context.physicalName(100);
    return { ref, attributes: { DestinationBucketArn: `arn:aws:s3:::${String(properties['DestinationBucketName'])}` } };
  },
  // Groups and queries of logs, and pages of the AWS console.
  'AWS::Logs::LogGroup': (properties, context) => {
    const name = named(properties, 'LogGroupName', context, 512);
    return { ref: name, attributes: { Arn: context.arn('logs', `log-group:${name}:*`) } };
  },
  'AWS::Logs::MetricFilter': (_properties, context) => plain(context.physicalName(100)),
  'AWS::Logs::QueryDefinition': (_properties, context) => plain(context.physicalName(100)),
  // Every mail arrives on this machine, so there are no events of mails.
  'AWS::SES::ConfigurationSetEventDestination': (_properties, context) => plain(context.physicalName(64)),
  'AWS::CloudWatch::Dashboard': (properties, context) => plain(named(properties, 'DashboardName', context, 255)),
  // CDK's custom resources that act when a stack is deleted or on CloudWatch.
  'Custom::S3AutoDeleteObjects': (_properties, context) => plain(context.physicalName(100)),
  'Custom::LogRetention': (properties) => {
    const name = String(properties['LogGroupName']);
    return { ref: name, attributes: { LogGroupName: name } };
  },
  // Read by tools only.
  'AWS::CDK::Metadata': (_properties, context) => plain(context.physicalName(100)),
};

export const registeredTypes: readonly ResourceType[] = Object.entries(REGISTERED).map(([type, register]) => ({
  type,
  provision: async (properties, context) => register(properties as Properties, context),
}));

function wafPart(kind: string, properties: Properties, context: ResourceContext): Provisioned {
  const [name, id] = [named(properties, 'Name', context, 128), context.physicalName(36)];
  const scope = String(properties['Scope']);
  const Arn = context.arn('wafv2', `${scope.toLowerCase()}/${kind}/${name}/${id}`);
  return { ref: `${name}|${id}|${scope}`, attributes: { Arn, Id: id } };
}

function named(properties: Properties, property: string, context: ResourceContext, maxLength: number): string {
  const given = properties[property];
  return typeof given === 'string' ? given : context.physicalName(maxLength);
}

function plain(ref: string): Provisioned {
  return { ref, attributes: { Id: ref } };
}
