// Stands in for a transport that gin imports and this portal never calls: see
// docs/decisions/0007-no-msgpack.md.
module github.com/quic-go/quic-go

go 1.26.0
