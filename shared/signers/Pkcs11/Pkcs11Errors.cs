using Net.Pkcs11Interop.Common;

namespace Payouts.Signers.Pkcs11;

/// <summary>What each return value of the library means for a request.</summary>
internal static class Pkcs11Errors
{
    public static SigningFailedException Of(Pkcs11Exception failure) => new(ProblemOf(failure.RV), $"{failure.Method} returned {failure.RV}", failure);

    public static SigningProblem ProblemOf(CKR value) => value switch
    {
        CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_CRYPTOKI_NOT_INITIALIZED or CKR.CKR_DEVICE_REMOVED or CKR.CKR_TOKEN_NOT_PRESENT
            or CKR.CKR_TOKEN_NOT_RECOGNIZED or CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_OBJECT_HANDLE_INVALID or CKR.CKR_KEY_HANDLE_INVALID
            or CKR.CKR_SLOT_ID_INVALID or CKR.CKR_OPERATION_ACTIVE or CKR.CKR_OPERATION_NOT_INITIALIZED => SigningProblem.SessionLost,
        CKR.CKR_DEVICE_ERROR or CKR.CKR_DEVICE_MEMORY or CKR.CKR_HOST_MEMORY or CKR.CKR_GENERAL_ERROR or CKR.CKR_FUNCTION_FAILED
            or CKR.CKR_FUNCTION_CANCELED => SigningProblem.ProviderFailed,
        CKR.CKR_SESSION_COUNT => SigningProblem.Throttled,
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_EXPIRED or CKR.CKR_PIN_LOCKED
            or CKR.CKR_USER_PIN_NOT_INITIALIZED => SigningProblem.PinRefused,
        CKR.CKR_KEY_TYPE_INCONSISTENT or CKR.CKR_MECHANISM_INVALID or CKR.CKR_KEY_FUNCTION_NOT_PERMITTED or CKR.CKR_KEY_SIZE_RANGE => SigningProblem.KeyTypeWrong,
        CKR.CKR_ACTION_PROHIBITED or CKR.CKR_FUNCTION_REJECTED => SigningProblem.AccessDenied,
        _ => SigningProblem.RequestRefused,
    };
}
