-- For wrk: asks for the paths that a file lists, at random, and reports in one line.
-- wrk -s wrk.lua URL -- [FILE]
local requests = {}

function init(args)
	if not args[1] then
		return
	end
	for path in io.lines(args[1]) do
		requests[#requests + 1] = wrk.format("GET", path)
	end
	math.randomseed(864)
	request = function()
		return requests[math.random(#requests)]
	end
end

-- requests a second, microseconds at the median and at 99 %, answers that were none, requests
function done(summary, latency)
	local errors = summary.errors
	print(string.format("RESULT %.0f %d %d %d %d", summary.requests / summary.duration * 1e6,
		latency:percentile(50), latency:percentile(99),
		errors.connect + errors.read + errors.write + errors.status + errors.timeout,
		summary.requests))
end
