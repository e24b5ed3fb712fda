import { Editor } from '../../support/host/editor/browser';
import { useBench, type Bench } from '../bench';

const bench = useBench();
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
});
afterAll(async () => await editor?.close());

interface Way {
	name: string;
	/** The fields between the authentication and the address. */
	fields: string[];
	values: (bench: Bench) => Record<string, string>;
	/** A wrong value, and what n8n's test says about it. */
	mistake: (bench: Bench) => Record<string, string>;
	problem: string;
}

/** The last one is n8n's own, and restricts the credential in HTTP Request nodes. */
const LAST_FIELDS = ['Base URL', 'CA Certificate', 'Allowed HTTP Request Domains'];

const WAYS: Way[] = [
	{
		name: 'API Key',
		fields: ['API Key', 'Use Client Certificate'],
		values: ({ emulator }) => ({ apiKey: emulator.apiKey }),
		mistake: () => ({ apiKey: 'enterprise-mistyped' }),
		problem: 'BitMind did not accept the credential',
	},
	{
		name: 'OAuth2',
		fields: ['Client ID', 'Client Secret', 'Use Client Certificate'],
		values: ({ emulator: { client } }) => ({ clientId: client.id, clientSecret: client.secret }),
		mistake: () => ({ clientSecret: 'mistyped' }),
		problem: 'BitMind gave no access token for this client ID',
	},
	{
		name: 'OAuth2 with Client Certificate (mTLS)',
		fields: ['Client ID', 'Client Certificate', 'Client Key'],
		values: ({ emulator: { client, certificates } }) => ({
			clientId: client.id,
			clientCertificate: certificates.client.certificate,
		}),
		mistake: ({ emulator: { certificates } }) => ({
			clientCertificate: certificates.otherClient.certificate,
		}),
		problem: "does not accept the 'Client Certificate'",
	},
];

describe.each(WAYS)('$name', ({ name, fields, values, mistake, problem }) => {
	async function openForm() {
		const form = await editor.openNewCredential('BitMind Enterprise API');
		await editor.choose('authentication', name);
		return form;
	}

	test('the form has the fields that this authentication needs, and no others', async () => {
		const form = await openForm();
		await editor.screenshot(`credential form ${name}`);
		expect(await form.fields()).toEqual(['Authentication', ...fields, ...LAST_FIELDS]);
	});

	test('the dialog says what is wrong, and that the credential works after it is corrected', async () => {
		const form = await openForm();
		const right: Record<string, string> = { ...values(bench), baseUrl: bench.emulator.url };
		for (const [field, value] of Object.entries({ ...right, ...mistake(bench) })) {
			await form.fill(field, value);
		}
		expect((await form.save()).status).toBe('Error');
		expect(await form.problem()).toContain(problem);
		await editor.screenshot(`credential mistake ${name}`);
		for (const field of Object.keys(mistake(bench))) await form.fill(field, right[field] ?? '');
		expect((await form.save()).status).toBe('OK');
		await form.passes();
		await editor.screenshot(`credential works ${name}`);
	});
});

test('the fields of the certificate appear only if it is used', async () => {
	const form = await editor.openNewCredential('BitMind Enterprise API');
	const first = ['Authentication', 'API Key', 'Use Client Certificate'];
	expect(await form.fields()).toEqual([...first, ...LAST_FIELDS]);
	await form.turnOn('useClientCertificate');
	const certificate = ['Client Certificate', 'Client Key'];
	expect(await form.fields()).toEqual([...first, ...certificate, ...LAST_FIELDS]);
	await form.fill('clientKey', bench.emulator.certificates.client.key);
	expect(await form.fields()).toEqual([...first, ...certificate, 'Passphrase', ...LAST_FIELDS]);
});
