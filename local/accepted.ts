/**
 * Resource types that the local cloud takes without giving them behaviour, each with the reason. A service that
 * provides one of them wins.
 */
export const accepted: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'says which CDK version synthesized the template; nothing runs',
  'AWS::ApiGateway::Account': 'the role for access logs of the whole account; local logs need none',
  'AWS::CloudWatch::Alarm': 'metrics are not collected locally; the meter has the counts',
  'AWS::CloudWatch::CompositeAlarm': 'metrics are not collected locally',
  'AWS::CloudWatch::Dashboard': 'metrics are not collected locally',
  'AWS::Glue::Database': 'describes the archive for Athena; files are read as they are',
  'AWS::Glue::Table': 'describes the archive for Athena; files are read as they are',
  'AWS::Lambda::LayerVersion': 'no function here runs with layers; that of the file deployment is replaced',
  'AWS::Logs::LogGroup': 'log lines stay in memory and show in the console',
  'AWS::Logs::LogStream': 'log lines stay in memory and show in the console',
  'AWS::Logs::MetricFilter': 'metrics are not collected locally',
  'AWS::Logs::ResourcePolicy': 'log lines stay in memory and show in the console',
  'AWS::SNS::Subscription': 'alarms do not fire locally',
  'AWS::SNS::Topic': 'alarms do not fire locally',
  'AWS::SNS::TopicPolicy': 'alarms do not fire locally',
};
