import type { ICredentialTestFunctions } from 'n8n-workflow';
import { BitMindEnterpriseApi } from '../../../../credentials/BitMindEnterpriseApi.credentials';
import { testCredential } from '../../../../nodes/shared/credential/credentialTest';
import { startEmulator, type EmulatorOptions } from '../../../support/emulator';
import { credentialForms } from '../../../support/emulator/credentialForms';

const { properties } = new BitMindEnterpriseApi();

/** Pastes each value into its field. */
function filledIn(form: string): Record<string, string> {
	const fields = form.split(/^(?=[A-Z][A-Za-z0-9 ]+:)/m).map((text) => {
		const [, label, value = ''] = /^([^:]+):\s([^]*)$/.exec(text) ?? [];
		const property = properties.find(({ displayName }) => displayName === label);
		if (!property) throw new Error(`The credential has no field '${label}'`);
		const option = property.options?.find((each) => each.name === value.trim());
		return [property.name, option && 'value' in option ? String(option.value) : value.trim()];
	});
	return Object.fromEntries(fields) as Record<string, string>;
}

it.each<[string, EmulatorOptions, string[]]>([
	['http', {}, ['apiKey', 'oAuth2']],
	['https', { tls: true }, ['apiKey', 'oAuth2']],
	['https with a client certificate', { clientCertificate: 'both' }, ['oAuth2Mtls']],
])('what the emulator says to paste is a working credential (%s)', async (_, options, ways) => {
	const emulator = await startEmulator(options);
	try {
		const printed = credentialForms(emulator, options.clientCertificate === 'both');
		const forms = printed.split(/^or$/m).map((form) => filledIn(form.trim()));
		expect(forms.map(({ authentication }) => authentication)).toEqual(ways);
		for (const data of forms) {
			const credential = { id: '1', name: 'x', type: 'x', data };
			const { status } = await testCredential.call({} as ICredentialTestFunctions, credential);
			expect(status).toBe('OK');
		}
	} finally {
		await emulator.close();
	}
});
