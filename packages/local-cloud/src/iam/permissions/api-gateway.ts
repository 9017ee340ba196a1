import type { Names, PermissionTable } from './permission.ts';
import { text } from './fields.ts';

/** The permission of an operation is its method on its path; names in braces are fields of the input. */
const OPERATIONS: Readonly<Record<string, readonly [method: string, path: string]>> = {
  CreateApiKey: ['POST', '/apikeys'],
  CreateUsagePlan: ['POST', '/usageplans'],
  CreateUsagePlanKey: ['POST', '/usageplans/{usagePlanId}/keys'],
  DeleteApiKey: ['DELETE', '/apikeys/{apiKey}'],
  DeleteUsagePlan: ['DELETE', '/usageplans/{usagePlanId}'],
  DeleteUsagePlanKey: ['DELETE', '/usageplans/{usagePlanId}/keys/{keyId}'],
  GetApiKey: ['GET', '/apikeys/{apiKey}'],
  GetApiKeys: ['GET', '/apikeys'],
  GetRestApi: ['GET', '/restapis/{restApiId}'],
  GetRestApis: ['GET', '/restapis'],
  GetStages: ['GET', '/restapis/{restApiId}/stages'],
  GetUsagePlan: ['GET', '/usageplans/{usagePlanId}'],
  GetUsagePlanKey: ['GET', '/usageplans/{usagePlanId}/keys/{keyId}'],
  GetUsagePlanKeys: ['GET', '/usageplans/{usagePlanId}/keys'],
  GetUsagePlans: ['GET', '/usageplans'],
  UpdateApiKey: ['PATCH', '/apikeys/{apiKey}'],
  UpdateUsagePlan: ['PATCH', '/usageplans/{usagePlanId}'],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html */
export const API_GATEWAY: PermissionTable = Object.fromEntries(
  Object.entries(OPERATIONS).map(([action, [method, path]]) => [
    action,
    (input, names) => [
      {
        action: `apigateway:${method}`,
        resource: arnOf(
          path.replaceAll(/\{(\w+)\}/g, (_, field: string) => text(input, field)),
          names,
        ),
      },
    ],
  ]),
);

/** ARNs of API Gateway have no account. */
function arnOf(path: string, names: Names): string {
  const [arn, partition, service, region] = names.arn('apigateway', '').split(':');
  return [arn, partition, service, region, '', path].join(':');
}
