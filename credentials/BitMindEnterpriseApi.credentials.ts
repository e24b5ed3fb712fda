import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { differsByItem } from '../nodes/shared/credential/differsByItem';
import { accessToken, signHttpRequest } from '../nodes/shared/credential/signHttpRequest';

const useClientCertificate: INodeProperties = {
	displayName: 'Use Client Certificate',
	name: 'useClientCertificate',
	type: 'boolean',
	default: false,
	description: 'Whether BitMind also asks you for a registered client certificate',
	displayOptions: { show: { authentication: ['apiKey', 'oAuth2'] } },
};

/** n8n shows a field only if all of its conditions are met, so these fields are made once per case. */
function certificateFields(show: NonNullable<INodeProperties['displayOptions']>['show']) {
	const displayOptions = { show };
	return [
		{
			displayName: 'Client Certificate',
			name: 'clientCertificate',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			description:
				'The PEM text of the certificate that is registered with BitMind, with its chain if it has one. It is sent with each request.',
			displayOptions,
		},
		{
			displayName: 'Client Key',
			name: 'clientKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			description:
				'The PEM text of the private key. Only needed if a gateway also asks for the certificate in the TLS handshake. The key itself is never sent.',
			displayOptions,
		},
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The passphrase of the private key, if it has one',
			displayOptions: { show, hide: { clientKey: [''] } },
		},
	] satisfies INodeProperties[];
}

/** The credential, with BitMind's three ways to authenticate. */
export class BitMindEnterpriseApi implements ICredentialType {
	name = 'bitMindEnterpriseApi';

	displayName = 'BitMind Enterprise API';

	icon: Icon = {
		light: 'file:bitmind.svg',
		dark: 'file:bitmind.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-bitmind/n8n-nodes-bitmind#the-credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			default: 'apiKey',
			description: 'How you authenticate with BitMind',
			options: [
				{
					name: 'API Key',
					value: 'apiKey',
					description: 'A long-lived key of your organization, or an existing bearer token',
				},
				{
					name: 'OAuth2',
					value: 'oAuth2',
					description: 'Client ID and secret, as BitMind recommends',
				},
				{
					name: 'OAuth2 with Client Certificate (mTLS)',
					value: 'oAuth2Mtls',
					description: 'Client ID and a registered certificate in place of the secret',
				},
			],
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. enterprise-…',
			description: 'The key that BitMind gave your organization, or an existing bearer token',
			displayOptions: { show: { authentication: ['apiKey'] } },
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			description: 'The ID that BitMind gave this client',
			displayOptions: { show: { authentication: ['oAuth2', 'oAuth2Mtls'] } },
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The secret that belongs to the client ID',
			displayOptions: { show: { authentication: ['oAuth2'] } },
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		useClientCertificate,
		...certificateFields({ authentication: ['oAuth2Mtls'] }),
		...certificateFields({ authentication: ['apiKey', 'oAuth2'], useClientCertificate: [true] }),
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://enterprise.bitmind.ai',
			required: true,
			description: 'Address of the API. It must begin with https://, except on this machine.',
		},
		{
			displayName: 'CA Certificate',
			name: 'caCertificate',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			description:
				'The PEM text of a certificate authority to trust in addition to the default ones. Only needed if requests go through a gateway or proxy of your organization.',
		},
		differsByItem([
			'authentication',
			'apiKey',
			'clientId',
			'clientSecret',
			'useClientCertificate',
			'clientCertificate',
			'clientKey',
			'passphrase',
			'baseUrl',
			'caCertificate',
		]),
	];

	/** Signs requests of n8n's HTTP Request node. This package's own nodes sign theirs themselves. */
	authenticate: IAuthenticate = signHttpRequest;

	/** Fetches the token for them. n8n stores it with the credential, and fetches a new one after a 401. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await accessToken(credentials, this.helpers);
	}
}
