// Stands in for a codec that gin imports and this portal never calls: see
// docs/decisions/0007-no-msgpack.md.
module github.com/ugorji/go/codec

go 1.26.0
