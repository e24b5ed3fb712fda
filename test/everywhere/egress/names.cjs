// Loaded before n8n (`node --require`). Looks up names below bitmind.test with the name server in
// BITMIND_NAME_SERVER, because the system's own lookup only knows one name server, on port 53.
const dns = require('node:dns');

const resolver = new dns.promises.Resolver();
resolver.setServers([process.env.BITMIND_NAME_SERVER]);

const { lookup } = dns;
const lookupByPromise = dns.promises.lookup;

async function resolve(host) {
	return (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
}

const isOurs = (host) => host.endsWith('.bitmind.test');

dns.promises.lookup = async (host, options = {}) => {
	if (!isOurs(host)) return await lookupByPromise(host, options);
	const addresses = await resolve(host);
	return options.all ? addresses : addresses[0];
};

dns.lookup = (host, options, callback = options) => {
	if (!isOurs(host)) return lookup(host, options, callback);
	return resolve(host).then(
		([first, ...more]) => {
			if (options.all) callback(null, [first, ...more]);
			else callback(null, first.address, first.family);
		},
		(error) => callback(error),
	);
};
