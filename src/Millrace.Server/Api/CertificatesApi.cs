using Millrace.Devices.Certificates;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/certificates</c></summary>
internal static class CertificatesApi
{
    private const int MostDays = 36_500;

    private static readonly string[] UsualPolicies = ["device"];

    /// <param name="routes">Below which it is.</param>
    /// <param name="certificates">Those registered.</param>
    /// <param name="listeners">Those that take certificates.</param>
    public static void MapCertificates(this IEndpointRouteBuilder routes, CertificateRegistry certificates, Func<IReadOnlyList<string>> listeners)
    {
        var group = routes.MapGroup("/api/v1/certificates").RefuseInWords().WithTags("certificates");
        group.MapGet("", () => new CertificatesAnswer(certificates.List())).WithSummary("All registered certificates");
        group.MapPost("", async Task<IResult> (CreateCertificateRequest request) =>
            {
                if (request.Days is < 1 or > MostDays) return Refusals.Refused($"days must be from 1 to {MostDays}");
                var lifetime = request.Days is { } days ? TimeSpan.FromDays(days) : CertificateRegistry.UsualLifetime;
                var kind = request.Rsa ? KeyKind.Rsa : KeyKind.Ecdsa;
                var made = await certificates.CreateAsync(request.Thing, kind, lifetime, request.Policies ?? UsualPolicies);
                return Results.Ok(new CreatedCertificateAnswer(made.Certificate, made.PrivateKeyPem, certificates.AuthorityPem, listeners()));
            })
            .Produces<CreatedCertificateAnswer>()
            .Produces<ErrorAnswer>(400)
            .WithSummary("Makes a key and a certificate for a thing; the key is in this answer and nowhere else");
        group.MapPost("/register", (RegisterCertificateRequest request) => request is { Policies: null, Things: null or [] }
                ? Task.FromResult(Refusals.Refused("name a thing or a policy: the policy device lets a certificate connect under the name of its thing alone"))
                : RegisterAsync(certificates, request))
            .Produces<DeviceCertificate>()
            .Produces<ErrorAnswer>(400)
            .WithSummary("Registers a certificate made elsewhere");
        group.MapGet("/{id}", (string id) => Refusals.OrNotFound(certificates.Find(id), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("One certificate");
        group.MapPut("/{id}/status", async (string id, CertificateStatusRequest request) =>
                Refusals.OrNotFound(await certificates.SetStatusAsync(id, request.Status), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("Activates, deactivates or revokes a certificate");
        group.MapDelete("/{id}", async (string id) => Refusals.OrNotFound(await certificates.RemoveAsync(id), $"certificate {id}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Forgets a certificate that is not active");
        group.MapPut("/{id}/policies/{policy}", async (string id, string policy) =>
                Refusals.OrNotFound(await certificates.AttachAsync(id, policy), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("Attaches a policy to a certificate");
        group.MapDelete("/{id}/policies/{policy}", async (string id, string policy) =>
                Refusals.OrNotFound(await certificates.DetachAsync(id, policy), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("Detaches a policy from a certificate");
        group.MapPut("/{id}/things/{thing}", async (string id, string thing) =>
                Refusals.OrNotFound(await certificates.AttachThingAsync(id, thing), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("Attaches a certificate to a thing");
        group.MapDelete("/{id}/things/{thing}", async (string id, string thing) =>
                Refusals.OrNotFound(await certificates.DetachThingAsync(id, thing), $"certificate {id}"))
            .Produces<DeviceCertificate>().Produces<ErrorAnswer>(404).WithSummary("Detaches a certificate from a thing");
    }

    private static async Task<IResult> RegisterAsync(CertificateRegistry certificates, RegisterCertificateRequest request) =>
        Results.Ok(await certificates.RegisterAsync(request.CertificatePem, request.Things ?? [], request.Policies ?? UsualPolicies, request.Status));
}
