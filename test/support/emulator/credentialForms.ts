import type { Emulator } from './emulator';

/** The fields of the credential 'BitMind Enterprise API', by their names in n8n. */
type Form = ReadonlyArray<readonly [field: string, value: string]>;

/** What to paste into n8n to use this emulator, for each kind of authentication that it accepts. */
export function credentialForms(emulator: Emulator, demandsCertificate: boolean): string {
	const { apiKey, client, certificates, url } = emulator;
	const address: Form = [['Base URL', url]];
	const authority: Form = url.startsWith('https:') ? [['CA Certificate', certificates.ca]] : [];
	const certificate: Form = [
		['Client Certificate', certificates.client.certificate],
		['Client Key', certificates.client.key],
	];
	const ways: Form[] = demandsCertificate
		? [
				[
					['Authentication', 'OAuth2 with Client Certificate (mTLS)'],
					['Client ID', client.id],
					...certificate,
				],
			]
		: [
				[
					['Authentication', 'API Key'],
					['API Key', apiKey],
				],
				[
					['Authentication', 'OAuth2'],
					['Client ID', client.id],
					['Client Secret', client.secret],
				],
			];
	return ways.map((way) => textOf([...way, ...address, ...authority])).join('\nor\n\n');
}

/** Certificates and keys begin on their own line, so that they can be copied as they are. */
function textOf(form: Form): string {
	return form
		.map(([field, value]) => `${field}:${value.includes('\n') ? `\n${value}` : ` ${value}\n`}`)
		.join('');
}
