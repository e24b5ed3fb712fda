import { VERSION } from '../../../../client/model/version';
import { version } from '../../../../package.json';

it("is the package's", () => {
	expect(VERSION).toBe(version);
});
